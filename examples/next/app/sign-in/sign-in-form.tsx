'use client';
import { messageFor } from '@postern/client';
import { type FormEvent, useState } from 'react';
import { client } from '../browser-client';

export function SignInForm({ returnTo }: { returnTo: string }) {
  const [message, setMessage] = useState('');

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      const answer = await client.login({ email: String(form.get('email')), password: String(form.get('password')) });
      if (answer.__typename === 'MfaChallenge') return setMessage('This example has no second step.');
      // A whole new page, so that no part of it was rendered without the session.
      location.assign(returnTo);
    } catch (error) {
      setMessage(messageFor(error, navigator.language));
    }
  }

  return (
    <form onSubmit={submit}>
      <label>
        E-mail address <input name="email" type="email" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit">Sign in</button>
      <p role="alert">{message}</p>
    </form>
  );
}
