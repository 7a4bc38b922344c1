/** The search parameters of the page of a user. */
import { choiceParam, defined, type Params } from '../../data/search-params.ts';

const tabs = ['sessions', 'methods', 'keys', 'audit', 'access'] as const;

export interface UserSearch {
  /** Undefined: the overview. */
  tab?: (typeof tabs)[number] | undefined;
}

export function userSearchParams(params: Params): UserSearch {
  return defined({ tab: choiceParam(params.tab, tabs) });
}
