import { postern } from '../../postern';

export default async function AdminPage() {
  const caller = await postern.requirePermission('users:read');
  return <h1>Administration for {caller.role}</h1>;
}
