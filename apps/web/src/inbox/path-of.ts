/** The page of ours that a message leads to. The gateway writes a whole address, and only its path counts: a message leads nowhere else. */
export function pathOf(link: string): string {
  const { pathname, search } = new URL(link, 'http://here.invalid');
  return pathname.replace(/^\/+/, '/') + search;
}
