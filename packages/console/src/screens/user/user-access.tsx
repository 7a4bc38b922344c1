/** Why an operation is allowed or denied to the user, requirement by requirement. */
import { deviceOf } from '@postern/react/timeline';
import { Chip, exactTime, Field, Form, type FormValues, Note, Select, SubmitButton } from '@postern/react/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ExplainAccessDocument, type ExplainAccessQuery, type UserDetailFragment } from '../../generated/operations.ts';
import type { AccessTexts } from '../../messages/access/en.ts';
import { useAccessTexts } from '../../messages/access/texts.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { client } from '../../session/client.ts';

type Explanation = ExplainAccessQuery['explainAccess'];

export function UserAccess({ user }: { user: UserDetailFragment }) {
  const texts = useAccessTexts();
  const { user: userTexts } = useMessages();
  const queries = useQueryClient();
  const [explanation, setExplanation] = useState<Explanation | null>(null);
  const ask = async (values: FormValues) => {
    const variables = {
      userId: user.id,
      operation: values.text('operation').trim(),
      sessionId: values.text('session') || null,
    };
    setExplanation(null);
    setExplanation((await client.request(ExplainAccessDocument, variables)).explainAccess);
    await queries.invalidateQueries({ queryKey: ['audit'] });
  };
  return (
    <section className="panel">
      <header>
        <h2>{userTexts.access}</h2>
      </header>
      <div className="panel-body stack-20">
        <p>{texts.lead}</p>
        <Form submit={ask} fieldOf={{ BAD_USER_INPUT: 'operation' }} errorTexts={{ BAD_USER_INPUT: texts.unknown }}>
          <Field
            name="operation"
            label={texts.operation}
            hint={texts.operationHint}
            autoComplete="off"
            spellCheck={false}
            required
            maxLength={128}
          />
          <SessionField user={user} texts={texts} />
          <SubmitButton kind="primary">{texts.ask}</SubmitButton>
        </Form>
        {explanation && <Requirements explanation={explanation} texts={texts} />}
      </div>
    </section>
  );
}

function SessionField({ user, texts }: { user: UserDetailFragment; texts: AccessTexts }) {
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

function Requirements({ explanation, texts }: { explanation: Explanation; texts: AccessTexts }) {
  const { operation, allowed, requirements } = explanation;
  const title = allowed ? texts.allowed(operation) : texts.denied(operation);
  return (
    <div className="stack-20" role="status">
      <Note kind={allowed ? 'ok' : 'danger'} title={title}>
        {requirements.length === 0 && texts.noRequirements}
      </Note>
      {requirements.length > 0 && (
        <table className="stackable">
          <thead>
            <tr>
              <th scope="col">{texts.requirement}</th>
              <th scope="col">{texts.required}</th>
              <th scope="col">{texts.actual}</th>
              <th scope="col">{texts.state}</th>
            </tr>
          </thead>
          <tbody>
            {requirements.map(({ kind, met, required, actual }) => (
              <tr key={`${kind} ${required}`}>
                <th scope="row">{texts.kinds[kind]}</th>
                <td>{required === 'restricted' ? texts.restricted : <code>{required}</code>}</td>
                <td>{actual}</td>
                <td>{met ? <Chip kind="ok">{texts.met}</Chip> : <Chip kind="danger">{texts.unmet}</Chip>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
