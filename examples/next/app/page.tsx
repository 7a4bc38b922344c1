import Link from 'next/link';
import { postern } from '../postern';

export default async function Home() {
  const caller = await postern.getSession();
  return (
    <main>
      <h1>Postern with Next.js</h1>
      <p>{caller ? `Signed in as ${caller.userId}.` : 'Signed out.'}</p>
      <nav>
        <Link href="/account">Account</Link> <Link href="/admin">Administration</Link>
      </nav>
    </main>
  );
}
