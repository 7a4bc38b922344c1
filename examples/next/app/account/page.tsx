import { redirect } from 'next/navigation';
import { postern } from '../../postern';
import { Address } from './address';

/** The gateway is asked for each request, so a session that was revoked elsewhere has ended here at once. */
export default async function AccountPage() {
  const caller = await postern.getSession({ live: true });
  if (!caller) redirect('/sign-in?returnTo=/account');
  return (
    <main>
      <h1>Account</h1>
      <p>
        User {caller.userId}, role {caller.role}
      </p>
      <Address />
      <form action={signOut}>
        <button type="submit">Sign out</button>
      </form>
    </main>
  );
}

async function signOut() {
  'use server';
  await postern.signOut();
  redirect('/');
}
