/** Asks why an operation is allowed or denied to a user, and shows the answer beside the question. */
import { deviceOf } from '@postern/react/timeline';
import { EmptyState, exactTime, Field, Form, type FormValues, Select, SubmitButton } from '@postern/react/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Waypoints from 'lucide-react/icons/waypoints';
import { type ReactNode, useId, useState } from 'react';
import { operation } from '../../data/operation.ts';
import {
  ExplainAccessDocument,
  type ExplainAccessQuery,
  PermissionsDocument,
  type UserDetailFragment,
} from '../../generated/operations.ts';
import { useAccessTexts } from '../../messages/access/texts.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { client } from '../../session/client.ts';
import { usePermissions } from '../../session/viewer.ts';
import { Requirements } from './requirements.tsx';
import { TargetField } from './target-field.tsx';

export interface AccessCheckProps {
  /** Null: none is chosen. */
  user: UserDetailFragment | null;
  /** Where the user is chosen. Undefined: the page is about one user. */
  choice?: ReactNode;
}

export function AccessCheck({ user, choice }: AccessCheckProps) {
  const texts = useAccessTexts();
  const queries = useQueryClient();
  const [explanation, setExplanation] = useState<ExplainAccessQuery['explainAccess'] | null>(null);
  const [targetUserId, setTarget] = useState<string | null>(null);
  const ask = async (userId: string, values: FormValues) => {
    const variables = {
      userId,
      operation: values.text('operation').trim(),
      sessionId: values.text('session') || null,
      targetUserId,
    };
    setExplanation(null);
    setExplanation((await client.request(ExplainAccessDocument, variables)).explainAccess);
    await queries.invalidateQueries({ queryKey: ['audit'] });
  };
  return (
    <div className="ask">
      <section className="panel panel-form" aria-label={texts.question}>
        <div className="stack-20">
          {choice}
          {user && (
            <Form
              submit={(values) => ask(user.id, values)}
              fieldOf={{ BAD_USER_INPUT: 'operation' }}
              errorTexts={{ BAD_USER_INPUT: texts.unknown }}
            >
              <OperationField />
              <SessionField user={user} />
              <TargetField id={targetUserId} onChange={setTarget} />
              <SubmitButton kind="primary">{texts.ask}</SubmitButton>
            </Form>
          )}
        </div>
      </section>
      {explanation ? (
        <Requirements explanation={explanation} />
      ) : (
        <section className="panel">
          <EmptyState icon={Waypoints} title={user ? texts.noQuestion : texts.noUser}>
            {texts.lead}
          </EmptyState>
        </section>
      )}
    </div>
  );
}

/** Suggests the operations that need a permission, where the viewer may see them. */
function OperationField() {
  const texts = useAccessTexts();
  const id = useId();
  const enabled = usePermissions().has('roles:read');
  const { data } = useQuery({ ...operation('permissions', PermissionsDocument, {}), enabled });
  const operations = [...new Set(data?.permissions.flatMap((permission) => permission.operations))].sort();
  return (
    <>
      <Field
        name="operation"
        label={texts.operation}
        hint={texts.operationHint}
        list={id}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
        maxLength={128}
      />
      <datalist id={id}>
        {operations.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

function SessionField({ user }: { user: UserDetailFragment }) {
  const texts = useAccessTexts();
  const { user: userTexts } = useMessages();
  const locale = useLocale();
  const nameOf = ({ deviceName, userAgent }: UserDetailFragment['sessions']['nodes'][number]) =>
    deviceName ?? (userAgent === null ? userTexts.unknownClient : deviceOf(userAgent, userTexts.on));
  return (
    <Select name="session" label={texts.session}>
      <option value="">{texts.anySession}</option>
      {user.sessions.nodes.map((session) => (
        <option key={session.id} value={session.id}>
          {nameOf(session)}, {exactTime(new Date(session.createdAt), { locale })}
        </option>
      ))}
    </Select>
  );
}
