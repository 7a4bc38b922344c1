'use client';
import { useEffect, useState } from 'react';
import { client } from '../browser-client';

/** Asks the gateway from the browser, through the route handler. */
export function Address() {
  const [email, setEmail] = useState<string | null>(null);
  useEffect(() => {
    client.viewer().then(
      (viewer) => setEmail(viewer?.email ?? 'nobody'),
      () => setEmail('The address cannot be read.'),
    );
  }, []);
  return <p data-testid="address">{email ?? 'Loading…'}</p>;
}
