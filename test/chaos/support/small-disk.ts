/**
 * A small disk for the data folder of one PostgreSQL: a tmpfs in a mount namespace of its own, so that no other process
 * sees it and no mount stays. Without root this needs unprivileged user namespaces.
 */
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

type Command = readonly [file: string, args: readonly string[]];

const sizeMegabytes = 160;
/** Copies the folder to the disk. Starts the server again after it has ended, as systemd does. */
const script = `cp -a "$1" "$1.copy" && mount -t tmpfs -o size=${sizeMegabytes}m,mode=0700 tmpfs "$1" &&
  cp -a "$1.copy/." "$1/" && shift && while :; do "$@"; sleep 1; done`;

/** @param data the folder of an initialised cluster @param command of its server */
export function onSmallDisk(data: string, [file, args]: Command): Command {
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const isRoot = user === 0;
  // As root of its namespace it may mount; PostgreSQL refuses to run as root, so a second namespace restores the user.
  const server = isRoot ? [] : ['unshare', '--user', `--map-user=${user}`, `--map-group=${group}`];
  const namespace = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  return ['unshare', [...namespace, 'sh', '-c', script, 'sh', data, ...server, file, ...args]];
}

/** Fills the disk that the process sees. @returns what frees it again */
export async function fillDisk(pid: number, data: string): Promise<() => Promise<void>> {
  const ballast = join(`/proc/${pid}/root`, data, 'ballast');
  const file = await open(ballast, 'w');
  const chunk = Buffer.alloc(2 ** 20);
  for (let isFull = false; !isFull; ) {
    isFull = await file.write(chunk).then(
      ({ bytesWritten }) => bytesWritten === 0,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error;
        return true;
      },
    );
  }
  await file.close();
  return () => rm(ballast);
}
