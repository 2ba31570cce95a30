// What paying says: cash, transfers, the drawer, giving back, receipts, printing.
export const payVi = {
  drawer: 'Ngăn kéo',
}
