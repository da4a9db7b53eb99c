import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { Box } from '@mantine/core';
import { CHART_HEIGHT } from './chart-height.js';

/** A picture with its numbers in its name; each of them is in the table, which is a button away. */
export function BreaksChart({ title, series, days }: { title: string; series: string; days: { day: string; count: number }[] }) {
  return (
    <Box role="img" aria-label={title} dir="ltr">
      <BarChart
        h={CHART_HEIGHT}
        data={days}
        dataKey="day"
        series={[{ name: 'count', label: series, color: 'orange.8' }]}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ isAnimationActive: false }}
        yAxisProps={{ allowDecimals: false, width: 40 }}
      />
    </Box>
  );
}
