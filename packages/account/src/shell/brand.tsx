/** The sign and the name of the service, or its logo. */
import { Logo } from '@postern/react/ui';
import { gateway } from '../../../pages/gateway.ts';
import { Link } from '../navigation/link.tsx';
import type { Path } from '../paths.ts';

export function Brand({ to }: { to: Path }) {
  const { logo, productName } = gateway;
  return (
    <Link className="brand" to={to}>
      {logo === null ? (
        <>
          <Logo />
          <span>{productName}</span>
        </>
      ) : (
        <img className="brand-logo" src={logo} alt={productName} />
      )}
    </Link>
  );
}
