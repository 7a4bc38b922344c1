/** The settings of this process as administrators read them. */

export interface EffectiveSetting {
  name: string;
  /** As in the environment. null: a secret, or a setting without a value of its own. */
  value: string | null;
  source: 'ENVIRONMENT' | 'FILE' | 'DEFAULT';
  /** Whether the value is withheld from every caller. */
  secret: boolean;
}

export interface SettingsDeps {
  effectiveSettings: readonly EffectiveSetting[];
}
