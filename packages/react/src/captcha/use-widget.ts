/** Renders the widget of a hosted captcha service, as its documentation says: Turnstile, hCaptcha and reCAPTCHA share one interface. */
import type { CaptchaProvider } from '@postern/client';
import { useEffect, useRef } from 'react';
import { useLanguage } from '../messages/messages-context.ts';
import type { ShownCaptcha } from './captcha-queue.ts';
import { trustedScriptUrl } from './trusted-script-url.ts';

interface WidgetOptions {
  sitekey: string;
  callback: (token: string) => void;
  'error-callback': () => void;
  /** Turnstile. */
  action: string;
  language: string;
  /** hCaptcha, reCAPTCHA. */
  hl: string;
}

interface WidgetApi {
  /** reCAPTCHA loads in two steps. */
  ready?: (work: () => void) => void;
  render: (element: HTMLElement, options: WidgetOptions) => unknown;
}

/** The script, and the global variable that it defines. */
const scripts: Partial<Record<CaptchaProvider, { url: string; global: string }>> = {
  TURNSTILE: { url: 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit', global: 'turnstile' },
  HCAPTCHA: {
    url: 'https://js.hcaptcha.com/1/api.js?render=explicit&recaptchacompat=off',
    global: 'hcaptcha',
  },
  RECAPTCHA: { url: 'https://www.google.com/recaptcha/api.js?render=explicit', global: 'grecaptcha' },
};

type Widget = Extract<ShownCaptcha, { step: 'widget' }>;

export function useWidget(
  { action, captcha: { provider, siteKey } }: Widget,
  { onToken, onError }: { onToken: (token: string) => void; onError: () => void },
) {
  const element = useRef<HTMLDivElement>(null);
  const { locale } = useLanguage();
  useEffect(() => {
    let isGone = false;
    const place = document.createElement('div');
    element.current?.append(place);
    const render = (api: WidgetApi) => {
      if (isGone) return;
      api.render(place, {
        sitekey: siteKey ?? '',
        callback: onToken,
        'error-callback': onError,
        action,
        language: locale,
        hl: locale,
      });
    };
    load(provider)
      .then((api) => (api.ready ? api.ready(() => render(api)) : render(api)))
      .catch(onError);
    return () => {
      isGone = true;
      place.remove();
    };
  }, [action, provider, siteKey, locale, onToken, onError]);
  return element;
}

async function load(provider: CaptchaProvider): Promise<WidgetApi> {
  const script = scripts[provider];
  if (!script) throw new Error(`This version knows no captcha of ${provider}.`);
  const { url, global } = script;
  if (!isApi(Reflect.get(globalThis, global))) await loadScript(url);
  const api: unknown = Reflect.get(globalThis, global);
  if (!isApi(api)) throw new Error(`The captcha script of ${provider} did not start.`);
  return api;
}

function loadScript(url: string): Promise<unknown> {
  const element = document.createElement('script');
  const loaded = new Promise((resolve, reject) => {
    element.addEventListener('load', resolve);
    element.addEventListener('error', reject);
  });
  element.src = trustedScriptUrl(url);
  document.head.append(element);
  return loaded;
}

function isApi(value: unknown): value is WidgetApi {
  return typeof value === 'object' && value !== null && ('render' in value || 'ready' in value);
}
