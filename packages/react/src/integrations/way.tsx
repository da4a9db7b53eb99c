import { createContext, type MouseEvent, type ReactNode, useContext } from 'react';

/** How the host's pages are found: without this, plain links below `/settings/integrations`. */
export interface Way {
  /** The address of an app's page; of the list when none is named. */
  href: (app?: string) => string;
  /** Goes there without loading the page anew. */
  go?: (href: string) => void;
  /** The address of a run, where the host shows runs. */
  run?: (runId: string) => string;
}
const PLAIN: Way = { href: (app) => `/settings/integrations${app ? `/${encodeURIComponent(app)}` : ''}` };
const Context = createContext<Way>(PLAIN);

export function WayProvider({ way = PLAIN, children }: { way?: Way | undefined; children: ReactNode }) {
  return <Context value={way}>{children}</Context>;
}

/** Links that the host's router may take over; a click with a key still opens a tab. */
export function useGo(): { linkTo: (app?: string) => LinkProps; linkToRun: ((runId: string) => LinkProps) | undefined } {
  const { href, go, run } = useContext(Context);
  const link = (to: string): LinkProps => ({
    href: to,
    onClick: (event) => {
      if (!go || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(to);
    },
  });
  return { linkTo: (app) => link(href(app)), linkToRun: run && ((runId) => link(run(runId))) };
}

interface LinkProps {
  href: string;
  onClick: (event: MouseEvent) => void;
}
