'use client';
import { PosternProvider } from '@postern/react';
import { SignIn } from '@postern/react/forms';
import '@postern/react/styles.css';
import { client } from '../browser-client';

/** With a password, a passkey or a provider, and with the second step where the account has one. */
export function SignInForm({ returnTo }: { returnTo: string }) {
  // A whole new page, so that no part of it was rendered without the session.
  return (
    <PosternProvider client={client}>
      <SignIn onDone={() => location.assign(returnTo)} />
    </PosternProvider>
  );
}
