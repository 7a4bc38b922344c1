import { SignInForm } from './sign-in-form';

interface Props {
  searchParams: Promise<{ returnTo?: string }>;
}

export default async function SignInPage({ searchParams }: Props) {
  const { returnTo } = await searchParams;
  return (
    <main>
      <h1>Sign in</h1>
      <SignInForm returnTo={ownPath(returnTo)} />
    </main>
  );
}

/** A path of this application. `//evil.example` and `/\evil.example` lead to other hosts. */
function ownPath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : '/';
}
