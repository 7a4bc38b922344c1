/** The mark of Postern, and the mark with the name. */

export function Logo() {
  return (
    <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
      <path d="M4.5 2H13v5H2V4.5A2.5 2.5 0 0 1 4.5 2ZM15 2h4.5A2.5 2.5 0 0 1 22 4.5V7h-7ZM2 9h5v5H2ZM9 9h13v10.5a2.5 2.5 0 0 1-2.5 2.5H19v-6.5a3.5 3.5 0 0 0-7 0V22H9ZM2 16h5v6H4.5A2.5 2.5 0 0 1 2 19.5Z" />
    </svg>
  );
}
