import { Box, Table, VisuallyHidden } from '@mantine/core';
import { type ReactNode, useId } from 'react';

export interface Column<T> {
  head: string;
  cell: (row: T) => ReactNode;
  numeric?: boolean;
}
interface DataTableProps<T> {
  /** What the table is about, for who does not see where it stands. */
  title: string;
  /** A heading above says the same. */
  hideTitle?: boolean;
  rows: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (row: T) => string;
}

/** A table that is scrolled by keyboard where it is too wide, and is a list of cells with their heads on a phone. The first cell names its row. */
export function DataTable<T>({ title, hideTitle, rows, columns, keyOf }: DataTableProps<T>) {
  const id = useId();
  const sort = ({ numeric }: Column<T>) => (numeric ? 'numeric' : undefined);
  return (
    <Box className="admin-region" role="group" aria-labelledby={id} tabIndex={0}>
      <Table className="admin-table" fz="sm" verticalSpacing="xs" captionSide="top">
        <Table.Caption id={id}>{hideTitle ? <VisuallyHidden>{title}</VisuallyHidden> : title}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.head} scope="col" className={sort(column)}>
                {column.head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              {columns.map((column, index) => {
                const shown = { className: sort(column), 'data-head': column.head };
                return index === 0 ? (
                  <Table.Th key={column.head} scope="row" {...shown}>
                    <div>{column.cell(row)}</div>
                  </Table.Th>
                ) : (
                  <Table.Td key={column.head} {...shown}>
                    <div>{column.cell(row)}</div>
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
