/** How a program sees itself. */
import type { Machine } from '../caller.ts';

export function describeMachine({ kind, ownerId, apiKeyId, name, permissions }: Machine): {
  id: string;
  name: string;
  scopes: string[];
} {
  return { id: kind === 'service' ? ownerId : (apiKeyId ?? ownerId), name, scopes: [...permissions] };
}
