// What selling says: weights, packs, discounts, notes, carts laid aside, giving away, scanning.
export const sellVi = {
  park: 'Để lại',
}
