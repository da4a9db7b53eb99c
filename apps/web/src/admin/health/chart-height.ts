export const CHART_HEIGHT = 240; // pixels
