/** What a caller of the gateway is allowed to know about the package before it starts one. */
export type Policy = (context: PolicyContext) => boolean | Promise<boolean>;

/** What a `@policy` function judges. */
export interface PolicyContext {
  /** `null` for an anonymous request. */
  caller: { userId: string; role: string; permissions: readonly string[] } | null;
  args: Readonly<Record<string, unknown>>;
  operationName: string | undefined;
}
