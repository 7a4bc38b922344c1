/** The sign of Postern with its name, as a link to the first page. */
import { Logo } from '@postern/react/ui';
import { Link } from '@tanstack/react-router';

export function Brand() {
  return (
    <Link className="brand" to="/">
      <Logo />
      <span>Postern</span>
    </Link>
  );
}
