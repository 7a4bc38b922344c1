/** The requirements of an operation, each with what is there. What is not met is on top. */
import { Chip, Dots, Icon, Note } from '@postern/react/ui';
import Check from 'lucide-react/icons/check';
import X from 'lucide-react/icons/x';
import type { ExplainAccessQuery } from '../../generated/operations.ts';
import { useAccessTexts } from '../../messages/access/texts.ts';

type Explanation = ExplainAccessQuery['explainAccess'];

export function Requirements({ explanation }: { explanation: Explanation }) {
  const texts = useAccessTexts();
  const { operation, allowed, requirements } = explanation;
  const sorted = [...requirements].sort((a, b) => Number(a.met) - Number(b.met));
  return (
    <section className="panel answer" role="status" aria-label={texts.answer}>
      <Note
        kind={allowed ? 'ok' : 'danger'}
        title={
          <>
            <code className="mono">{operation}</code> {allowed ? texts.allowed : texts.denied}
          </>
        }
      >
        {requirements.length === 0 && texts.noRequirements}
      </Note>
      <ul className="rows">
        {sorted.map((requirement) => (
          <RequirementRow key={`${requirement.kind} ${requirement.required}`} requirement={requirement} />
        ))}
      </ul>
    </section>
  );
}

function RequirementRow({ requirement }: { requirement: Explanation['requirements'][number] }) {
  const texts = useAccessTexts();
  const { kind, met, required, actual } = requirement;
  return (
    <li>
      <span className={met ? 'glyph' : 'glyph danger'}>
        <Icon of={met ? Check : X} size={18} />
      </span>
      <div>
        <p className="row-title">{texts.kinds[kind]}</p>
        <p className="row-sub">
          <Dots>
            <span>
              {texts.required} <bdi className="strong">{required === 'restricted' ? texts.restricted : required}</bdi>
            </span>
            {!met && actual !== null && (
              <span>
                {texts.actual} <bdi className="strong">{actual}</bdi>
              </span>
            )}
          </Dots>
        </p>
      </div>
      <div className="actions">
        {met ? (
          <span className="state">
            <span className="dot" />
            {texts.met}
          </span>
        ) : (
          <Chip kind="danger">{texts.unmet}</Chip>
        )}
      </div>
    </li>
  );
}
