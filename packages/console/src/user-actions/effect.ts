/** One sentence about what an action does. */
export type EffectKind = 'sessions' | 'refused' | 'mail' | 'factors' | 'role' | 'unlocked' | 'later';

/** The kind decides the icon. */
export type Effect = readonly [kind: EffectKind, sentence: string];
