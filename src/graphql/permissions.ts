/**
 * THE MAP: who may ask for what, one line an operation. Whose row it is, is decided where the row is fetched.
 * What has no line here is denied, and the boot check (schema.ts) refuses to start without one.
 */
import { anyone, anyoneWithoutBadToken, can } from './rules.ts';

export const operations = {
  Query: {
    viewer: anyoneWithoutBadToken,
    passwordPolicy: anyone,
  },
  Mutation: {
    register: anyone,
    verifyEmail: anyone,
    resendVerificationEmail: anyone,
    resetPassword: anyone,
    login: anyone,
    refresh: anyone,
    logout: anyone,
    updateProfile: can('profile:write'),
  },
};

/** Types that are safe by shape: whoever was handed one may read all of it, so their fields carry no rule and no cost. */
export const openTypes = [
  'AuthSession',
  'LogoutPayload',
  'PasswordPolicy',
  'RegisterPayload',
  'ResendVerificationEmailPayload',
  'ResetPasswordPayload',
  'Role',
  'Session',
  'UpdateProfilePayload',
  'User',
  'VerifyEmailPayload',
  'Viewer',
] as const;
