/** The data that the lean reference and the recipe start with: as much as Maque's example shop seeds, of the same shape. */

const KINDS = [
  ['龙井', 'Longjing tea', 'tea'],
  ['碧螺春', 'Biluochun tea', 'tea'],
  ['桂花糕', 'Osmanthus cake', 'snack'],
  ['核桃酥', 'Walnut biscuits', 'snack'],
  ['毛笔', 'Writing brush', 'stationery'],
  ['宣纸', 'Rice paper', 'stationery'],
  ['青瓷碗', 'Celadon bowl', 'kitchen'],
  ['棉麻桌布', 'Linen tablecloth', 'textile'],
];
const GRADES = [
  ['特级', 'first grade'],
  ['精选', 'selected'],
  ['手工', 'made by hand'],
  ['家常', 'for every day'],
  ['礼盒', 'in a gift box'],
];
const PRODUCT_COUNT = 1_000;

/** Far more than a run can sell, so that each order does its whole work instead of being refused. */
const STOCK = 10_000_000;

/** @returns {{ name: string, nameEn: string, category: string, description: string, priceFen: number, stock: number }[]} */
export function shopProducts() {
  return Array.from({ length: PRODUCT_COUNT }, (_, index) => {
    const [name, nameEn, category] = KINDS[index % KINDS.length];
    const [grade, gradeEn] = GRADES[Math.floor(index / KINDS.length) % GRADES.length];
    const lot = Math.floor(index / (KINDS.length * GRADES.length)) + 1;
    return {
      name: `${grade}${name} 第 ${lot} 批产地装`,
      nameEn: `${nameEn}, ${gradeEn}, no. ${lot}`,
      category,
      description: `${name}。${grade}，产地直发。`,
      priceFen: 1_800 + ((index * 137) % 40_000),
      stock: STOCK,
    };
  });
}
