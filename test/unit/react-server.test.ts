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

function render(children: ReactNode, messages?: Messages): string {
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

  test('a form brings its English texts when the app gives none, and those of the app replace them', () => {
    const register = createElement(forms.Register);
    expect(render(register)).toContain('Create an account');
    expect(render(register, { ...en, register: { ...en.register, title: 'Join' } })).toContain('Join');
    expect(render(register, de)).not.toContain('Create an account');
  });

  const others = Object.entries<ReactNode>({
    Activity: createElement(forms.Activity),
    ChangePassword: createElement(forms.ChangePassword),
    DeleteAccount: createElement(forms.DeleteAccount),
    ExportData: createElement(forms.ExportData),
    FinishSignUp: createElement(forms.FinishSignUp),
    Identities: createElement(forms.Identities),
    LinkAccount: createElement(forms.LinkAccount),
    NotMe: createElement(forms.NotMe),
    Passkeys: createElement(forms.Passkeys),
    Profile: createElement(forms.Profile),
    ProviderButtons: createElement(forms.ProviderButtons),
    ProviderReturn: createElement(forms.ProviderReturn),
    Register: createElement(forms.Register),
    ResetPassword: createElement(forms.ResetPassword),
    SecondFactors: createElement(forms.SecondFactors),
    SecondStep: createElement(forms.SecondStep),
    Sessions: createElement(forms.Sessions),
    VerifyEmail: createElement(forms.VerifyEmail),
  });
  test.each(others)('the form %s renders', (_name, form) => {
    expect(() => render(form)).not.toThrow();
  });
});
