/**
 * The parts of Next.js that this folder uses. `next` is a peer of this package and not installed in this repository;
 * `examples/next` compiles the result with its own declarations.
 */

declare module 'next/server' {
  export interface NextRequest extends Request {
    readonly nextUrl: { readonly pathname: string; readonly search: string; readonly origin: string };
  }
  export class NextResponse extends Response {
    static next(init?: { request?: { headers?: Headers } }): NextResponse;
    static redirect(url: string | URL, status?: number): NextResponse;
  }
}

declare module 'next/headers' {
  interface StoredCookie {
    name: string;
    value: string;
    path: string;
    maxAge: number;
    httpOnly: boolean;
    secure: boolean;
    sameSite: 'lax';
  }
  export function cookies(): Promise<{
    get(name: string): { value: string } | undefined;
    set(cookie: StoredCookie): unknown;
  }>;
  export function headers(): Promise<Pick<Headers, 'get'>>;
}

declare module 'next/navigation' {
  export function redirect(url: string): never;
  export function notFound(): never;
}
