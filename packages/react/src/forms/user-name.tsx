/** Names the account in a form that sets a password: password managers store the password under it. It is not drawn. */
export function UserName({ email }: { email: string }) {
  return <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />;
}
