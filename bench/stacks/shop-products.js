/** The data that the lean reference and the recipe start with; Maque's example shop seeds as many itself. */

const TEAS = ['Longjing', 'Biluochun', 'Tieguanyin', 'Dahongpao', 'Maojian', 'Keemun', 'Pu-erh', 'Yinzhen'];
const GRADES = ['first flush', 'before the rains', 'estate', 'market', 'reserve'];
const PACKS = ['50 g tin', '100 g bag', '250 g box', '500 g brick', 'gift set'];
const PRODUCT_COUNT = 1_000;

/** Far more than a run can sell, so that each order does its whole work instead of being refused. */
const STOCK = 10_000_000;

/** @returns {{ name: string, category: string, description: string, imageUrl: string, priceFen: number, stock: number }[]} */
export function shopProducts() {
  return Array.from({ length: PRODUCT_COUNT }, (_, index) => {
    const tea = TEAS[index % TEAS.length];
    const grade = GRADES[Math.floor(index / TEAS.length) % GRADES.length];
    const pack = PACKS[Math.floor(index / (TEAS.length * GRADES.length)) % PACKS.length];
    return {
      name: `${tea}, ${grade}, ${pack}`,
      category: 'tea',
      description: `${tea} of the ${grade} grade, packed as ${pack}, lot ${index + 1}`,
      imageUrl: `/files/products/${index + 1}.webp`,
      priceFen: 1_800 + ((index * 137) % 40_000),
      stock: STOCK,
    };
  });
}
