/**
 * The location files of the operator, GEOIP_DATABASE and ASN_DATABASE, in memory. A file that changes is read again. One
 * that cannot be read any more is ignored: the copy in memory stays in use.
 */
import { readFile, stat } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { Reader } from 'mmdb-lib';
import type { GeoConfig } from '../config/geo.ts';
import type { Locate } from '../domain/place.ts';
import { canonicalAddress, canonicalNetwork, type Network } from '../domain/source.ts';
import { placeFrom } from './geoip-records.ts';

/** @param problem without the path and the content of the file */
export type ReportGeoProblem = (setting: string, problem: string) => void;

/** What the files contain about an address, for `postern risk explain`. */
export interface GeoMatch {
  setting: string;
  network: string;
}

export interface GeoFileAge {
  setting: string;
  builtAt: Date;
}

export interface GeoDatabases {
  locate: Locate;
  matches(ipAddress: string): GeoMatch[];
  /** @returns null where the file does not place the whole network in one country */
  countryOf(network: Network): string | null;
  ages(): GeoFileAge[];
  /** Reads the files that changed. */
  refresh(): Promise<void>;
}

/** @throws Error with one sentence when a file cannot be read */
export async function openGeoDatabases(
  { locations, networks }: GeoConfig,
  report: ReportGeoProblem,
): Promise<GeoDatabases> {
  const city = locations === null ? null : await GeoFile.open('GEOIP_DATABASE', locations, report);
  const asn = networks === null ? null : await GeoFile.open('ASN_DATABASE', networks, report);
  const files = [city, asn].filter((file) => file !== null);
  return {
    locate(ipAddress) {
      const address = files.length === 0 ? null : canonicalAddress(ipAddress ?? '');
      return address === null ? null : placeFrom(city?.find(address)?.record, asn?.find(address)?.record);
    },
    matches(ipAddress) {
      const found = files.map((file) => ({ setting: file.setting, network: file.find(ipAddress)?.network }));
      return found.flatMap(({ setting, network }) => (network === undefined ? [] : [{ setting, network }]));
    },
    countryOf({ address, bits }) {
      const found = city?.find(address.toString());
      return found && found.bits <= bits ? (placeFrom(found.record, null)?.country ?? null) : null;
    },
    ages: () => files.map(({ setting, builtAt }) => ({ setting, builtAt })),
    async refresh() {
      await Promise.all(files.map((file) => file.refresh()));
    },
  };
}

class GeoFile {
  readonly setting: string;
  readonly #path: string;
  readonly #report: ReportGeoProblem;
  #reader: Reader<object>;
  /** Of the file that was read or refused last. */
  #version: string;

  static async open(setting: string, path: string, report: ReportGeoProblem): Promise<GeoFile> {
    try {
      return new GeoFile(setting, path, report, await versionOf(path), await read(path));
    } catch (error) {
      throw new Error(`${setting}: ${problemOf(error)}; use the path of an MMDB file that this process can read`);
    }
  }

  private constructor(
    setting: string,
    path: string,
    report: ReportGeoProblem,
    version: string,
    reader: Reader<object>,
  ) {
    this.setting = setting;
    this.#path = path;
    this.#report = report;
    this.#version = version;
    this.#reader = reader;
  }

  get builtAt(): Date {
    return this.#reader.metadata.buildEpoch;
  }

  /** @returns null for an address that the file does not contain */
  find(address: string): { record: object; network: string; bits: number } | null {
    // The library would look for the first 32 bits of an IPv6 address in a file of IPv4 addresses.
    if (this.#reader.metadata.ipVersion === 4 && isIPv6(address)) return null;
    try {
      const [record, bits] = this.#reader.getWithPrefixLength(address);
      return record && { record, network: canonicalNetwork(`${address}/${bits}`) ?? address, bits };
    } catch {
      this.#report(this.setting, 'the file is damaged');
      return null;
    }
  }

  async refresh(): Promise<void> {
    const version = await versionOf(this.#path).catch(() => 'missing');
    if (version === this.#version) return;
    this.#version = version;
    try {
      this.#reader = await read(this.#path);
    } catch (error) {
      this.#report(this.setting, problemOf(error));
    }
  }
}

async function versionOf(path: string): Promise<string> {
  const { ino, mtimeMs, size } = await stat(path);
  return `${ino} ${mtimeMs} ${size}`;
}

async function read(path: string): Promise<Reader<object>> {
  return new Reader<object>(await readFile(path));
}

function problemOf(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error;
  return isMissing ? 'the file cannot be read' : 'the file is not an MMDB file';
}
