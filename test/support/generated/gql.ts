/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    status\n  }\n}\n\nmutation VerifyEmail($input: VerifyEmailInput!) {\n  verifyEmail(input: $input) {\n    verified\n  }\n}\n\nmutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {\n  resendVerificationEmail(input: $input) {\n    accepted\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    reset\n  }\n}\n\nfragment SessionParts on AuthSession {\n  accessToken\n  accessTokenExpiresAt\n  expiresIn\n  refreshToken\n  refreshTokenExpiresAt\n  session {\n    id\n    current\n    createdAt\n    lastUsedAt\n    expiresAt\n    ipAddress\n    userAgent\n    deviceName\n    assurance\n    methods\n  }\n  viewer {\n    id\n    email\n    permissions\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    __typename\n    ... on AuthSession {\n      ...SessionParts\n    }\n  }\n}\n\nmutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    ...SessionParts\n  }\n}\n\nmutation Logout($input: LogoutInput!) {\n  logout(input: $input) {\n    revoked\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    viewer {\n      id\n      displayName\n    }\n  }\n}\n\nquery Viewer {\n  viewer {\n    id\n    email\n    emailVerified\n    displayName\n    role {\n      name\n      rank\n      permissions\n      system\n    }\n    permissions\n    createdAt\n    user {\n      id\n      displayName\n    }\n  }\n}\n\nquery PasswordPolicy {\n  passwordPolicy {\n    preset\n    minLength\n    maxLength\n    requiredClasses\n    classesRequiredBelow\n  }\n}": typeof types.RegisterDocument,
};
const documents: Documents = {
    "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    status\n  }\n}\n\nmutation VerifyEmail($input: VerifyEmailInput!) {\n  verifyEmail(input: $input) {\n    verified\n  }\n}\n\nmutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {\n  resendVerificationEmail(input: $input) {\n    accepted\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    reset\n  }\n}\n\nfragment SessionParts on AuthSession {\n  accessToken\n  accessTokenExpiresAt\n  expiresIn\n  refreshToken\n  refreshTokenExpiresAt\n  session {\n    id\n    current\n    createdAt\n    lastUsedAt\n    expiresAt\n    ipAddress\n    userAgent\n    deviceName\n    assurance\n    methods\n  }\n  viewer {\n    id\n    email\n    permissions\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    __typename\n    ... on AuthSession {\n      ...SessionParts\n    }\n  }\n}\n\nmutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    ...SessionParts\n  }\n}\n\nmutation Logout($input: LogoutInput!) {\n  logout(input: $input) {\n    revoked\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    viewer {\n      id\n      displayName\n    }\n  }\n}\n\nquery Viewer {\n  viewer {\n    id\n    email\n    emailVerified\n    displayName\n    role {\n      name\n      rank\n      permissions\n      system\n    }\n    permissions\n    createdAt\n    user {\n      id\n      displayName\n    }\n  }\n}\n\nquery PasswordPolicy {\n  passwordPolicy {\n    preset\n    minLength\n    maxLength\n    requiredClasses\n    classesRequiredBelow\n  }\n}": types.RegisterDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    status\n  }\n}\n\nmutation VerifyEmail($input: VerifyEmailInput!) {\n  verifyEmail(input: $input) {\n    verified\n  }\n}\n\nmutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {\n  resendVerificationEmail(input: $input) {\n    accepted\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    reset\n  }\n}\n\nfragment SessionParts on AuthSession {\n  accessToken\n  accessTokenExpiresAt\n  expiresIn\n  refreshToken\n  refreshTokenExpiresAt\n  session {\n    id\n    current\n    createdAt\n    lastUsedAt\n    expiresAt\n    ipAddress\n    userAgent\n    deviceName\n    assurance\n    methods\n  }\n  viewer {\n    id\n    email\n    permissions\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    __typename\n    ... on AuthSession {\n      ...SessionParts\n    }\n  }\n}\n\nmutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    ...SessionParts\n  }\n}\n\nmutation Logout($input: LogoutInput!) {\n  logout(input: $input) {\n    revoked\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    viewer {\n      id\n      displayName\n    }\n  }\n}\n\nquery Viewer {\n  viewer {\n    id\n    email\n    emailVerified\n    displayName\n    role {\n      name\n      rank\n      permissions\n      system\n    }\n    permissions\n    createdAt\n    user {\n      id\n      displayName\n    }\n  }\n}\n\nquery PasswordPolicy {\n  passwordPolicy {\n    preset\n    minLength\n    maxLength\n    requiredClasses\n    classesRequiredBelow\n  }\n}"): (typeof documents)["mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    status\n  }\n}\n\nmutation VerifyEmail($input: VerifyEmailInput!) {\n  verifyEmail(input: $input) {\n    verified\n  }\n}\n\nmutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {\n  resendVerificationEmail(input: $input) {\n    accepted\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    reset\n  }\n}\n\nfragment SessionParts on AuthSession {\n  accessToken\n  accessTokenExpiresAt\n  expiresIn\n  refreshToken\n  refreshTokenExpiresAt\n  session {\n    id\n    current\n    createdAt\n    lastUsedAt\n    expiresAt\n    ipAddress\n    userAgent\n    deviceName\n    assurance\n    methods\n  }\n  viewer {\n    id\n    email\n    permissions\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    __typename\n    ... on AuthSession {\n      ...SessionParts\n    }\n  }\n}\n\nmutation Refresh($input: RefreshInput!) {\n  refresh(input: $input) {\n    ...SessionParts\n  }\n}\n\nmutation Logout($input: LogoutInput!) {\n  logout(input: $input) {\n    revoked\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    viewer {\n      id\n      displayName\n    }\n  }\n}\n\nquery Viewer {\n  viewer {\n    id\n    email\n    emailVerified\n    displayName\n    role {\n      name\n      rank\n      permissions\n      system\n    }\n    permissions\n    createdAt\n    user {\n      id\n      displayName\n    }\n  }\n}\n\nquery PasswordPolicy {\n  passwordPolicy {\n    preset\n    minLength\n    maxLength\n    requiredClasses\n    classesRequiredBelow\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;