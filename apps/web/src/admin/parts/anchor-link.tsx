import { Anchor } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** A link to a page of ours in the colours of the theme, with the page's own types of what stands in its address. */
export const AnchorLink = createLink(Anchor.withProps({ inherit: true }));
