/**
 * Whether a request looks like a script. A weak signal by design: an attacker chooses these headers freely, and apps of
 * the operator may look alike.
 */

/** Programs and libraries by the begin of their user agent, and the marks of browsers without a window. */
const program =
  /^(curl|wget|httpie|libwww-perl|python|aiohttp|httpx|scrapy|go-http-client|java|apache-httpclient|ruby|php|guzzlehttp|perl|node|axios|undici|got |postmanruntime|insomnia|k6)\b/i;
const headless = /headless|phantomjs|puppeteer|playwright|selenium|webdriver|electron-bot/i;

export interface RequestHeaders {
  userAgent: string | null;
  /** Whether the request has an `Accept-Language` header. */
  namesLanguage: boolean;
}

export function looksAutomated({ userAgent, namesLanguage }: RequestHeaders): boolean {
  return userAgent === null || !namesLanguage || program.test(userAgent) || headless.test(userAgent);
}
