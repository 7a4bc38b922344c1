/** Every form of `@postern/react` renders on a server, where there is no page and no session. */
import { createPosternClient } from '@postern/client';
import { de, en, type Messages, PosternProvider, SignedIn, SignedOut } from '@postern/react';
import * as forms from '@postern/react/forms';
import { createElement, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';

const client = createPosternClient({
  url: 'https://auth.example.com',
  fetch: () => Promise.reject(new Error('no network')),
});

function render(children: ReactNode, messages: Messages = en): string {
  return renderToString(createElement(PosternProvider, { client, messages, children }));
}

describe('On a server', () => {
  test('the session is loading: neither part of the page is shown', () => {
    const parts = [
      createElement(SignedIn, { key: 1, children: 'in' }),
      createElement(SignedOut, { key: 2, children: 'out' }),
    ];
    expect(render(parts)).toBe('');
  });

  test('the sign-in form is complete, in the language of the messages', () => {
    expect(render(createElement(forms.SignIn))).toContain('Keep me signed in on this device');
    expect(render(createElement(forms.SignIn), de)).toContain('Auf diesem Gerät angemeldet bleiben');
  });

  const others = Object.entries({
    Activity: forms.Activity,
    ChangePassword: forms.ChangePassword,
    DeleteAccount: forms.DeleteAccount,
    ExportData: forms.ExportData,
    FinishSignUp: forms.FinishSignUp,
    Identities: forms.Identities,
    LinkAccount: forms.LinkAccount,
    NotMe: forms.NotMe,
    Passkeys: forms.Passkeys,
    Profile: forms.Profile,
    ProviderButtons: forms.ProviderButtons,
    ProviderReturn: forms.ProviderReturn,
    Register: forms.Register,
    ResetPassword: forms.ResetPassword,
    SecondFactors: forms.SecondFactors,
    SecondStep: forms.SecondStep,
    Sessions: forms.Sessions,
    VerifyEmail: forms.VerifyEmail,
  });
  test.each(others)('the form %s renders', (_name, form) => {
    expect(() => render(createElement(form))).not.toThrow();
  });
});
