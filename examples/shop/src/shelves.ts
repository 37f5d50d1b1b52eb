/** A word of a product's name; `price` is yuan for a thing, and a factor for a variant or a size. */
export interface Word {
  readonly zh: string;
  readonly en: string;
  readonly price?: number;
  /** One sentence for the description. */
  readonly note?: string;
}

export interface Shelf {
  /** The id of the category. */
  readonly category: string;
  readonly zh: string;
  readonly en: string;
  readonly things: readonly Word[];
  readonly variants: readonly Word[];
  readonly sizes: readonly Word[];
}

/** Five shelves of 200 products each: things × variants × sizes. */
export const SHELVES: readonly Shelf[] = [
  {
    ...{ category: 'tea', zh: '茶', en: 'Tea' },
    things: [
      { zh: '西湖龙井', en: 'West Lake Longjing', price: 68, note: '扁平光滑，豆香清雅' },
      { zh: '碧螺春', en: 'Biluochun', price: 62, note: '卷曲如螺，花果香' },
      { zh: '黄山毛峰', en: 'Huangshan Maofeng', price: 48, note: '白毫显露，鲜醇回甘' },
      { zh: '安溪铁观音', en: 'Anxi Tieguanyin', price: 52, note: '兰花香，七泡有余香' },
      { zh: '武夷大红袍', en: 'Wuyi Dahongpao', price: 88, note: '岩骨花香，汤色橙黄' },
      { zh: '祁门红茶', en: 'Keemun black tea', price: 45, note: '似蜜糖香，汤色红艳' },
      { zh: '云南普洱', en: 'Yunnan Pu-erh', price: 58, note: '陈香醇厚，耐泡' },
      { zh: '福鼎白毫银针', en: 'Fuding Silver Needle', price: 96, note: '满披白毫，毫香蜜韵' },
    ],
    variants: [
      { zh: '特级', en: 'special grade', price: 1.8 },
      { zh: '一级', en: 'first grade', price: 1.4 },
      { zh: '二级', en: 'second grade', price: 1.1 },
      { zh: '三级', en: 'third grade', price: 0.9 },
      { zh: '口粮', en: 'everyday grade', price: 0.6 },
    ],
    sizes: [
      { zh: '50 克罐装', en: '50 g tin', price: 1 },
      { zh: '100 克袋装', en: '100 g bag', price: 1.7 },
      { zh: '250 克盒装', en: '250 g box', price: 3.8 },
      { zh: '500 克家庭装', en: '500 g family pack', price: 7 },
      { zh: '两罐礼盒', en: 'gift box of two tins', price: 2.6 },
    ],
  },
  {
    ...{ category: 'snack', zh: '点心', en: 'Snacks' },
    things: [
      { zh: '牛轧糖', en: 'nougat', price: 16 },
      { zh: '凤梨酥', en: 'pineapple cakes', price: 22 },
      { zh: '绿豆糕', en: 'mung bean cakes', price: 14 },
      { zh: '山核桃仁', en: 'hickory nuts', price: 36 },
      { zh: '花生酥', en: 'peanut brittle', price: 11 },
      { zh: '冻干草莓', en: 'freeze-dried strawberries', price: 19 },
      { zh: '麻薯', en: 'mochi', price: 15 },
      { zh: '芝麻薄脆', en: 'sesame crisps', price: 12 },
      { zh: '红枣夹核桃', en: 'dates with walnuts', price: 26 },
      { zh: '米花糖', en: 'puffed rice candy', price: 8 },
    ],
    variants: [
      { zh: '原味', en: 'original' },
      { zh: '少糖', en: 'less sugar', price: 1.1 },
      { zh: '海盐', en: 'sea salt', price: 1.1 },
      { zh: '桂花', en: 'osmanthus', price: 1.2 },
      { zh: '抹茶', en: 'matcha', price: 1.2 },
    ],
    sizes: [
      { zh: '80 克', en: '80 g', price: 0.7 },
      { zh: '150 克', en: '150 g', price: 1.2 },
      { zh: '300 克', en: '300 g', price: 2.2 },
      { zh: '500 克礼盒', en: '500 g gift box', price: 3.9 },
    ],
  },
  {
    ...{ category: 'stationery', zh: '文具', en: 'Stationery' },
    things: [
      { zh: '笔记本', en: 'notebook', price: 18 },
      { zh: '手账本', en: 'planner', price: 32 },
      { zh: '信笺', en: 'letter paper', price: 12 },
      { zh: '便签', en: 'memo pad', price: 6 },
      { zh: '明信片', en: 'postcards', price: 9 },
      { zh: '书签', en: 'bookmark', price: 5 },
      { zh: '文件夹', en: 'folder', price: 11 },
      { zh: '素描本', en: 'sketchbook', price: 26 },
      { zh: '相册', en: 'photo album', price: 45 },
      { zh: '红包封', en: 'red envelopes', price: 10 },
    ],
    variants: [
      { zh: '天青', en: 'sky blue' },
      { zh: '藕荷', en: 'lotus pink' },
      { zh: '竹绿', en: 'bamboo green' },
      { zh: '杏黄', en: 'apricot' },
      { zh: '墨灰', en: 'ink grey' },
    ],
    sizes: [
      { zh: 'A6', en: 'A6', price: 0.7 },
      { zh: 'A5', en: 'A5', price: 1 },
      { zh: 'B5', en: 'B5', price: 1.3 },
      { zh: '方形', en: 'square', price: 0.9 },
    ],
  },
  {
    ...{ category: 'kitchen', zh: '器皿', en: 'Kitchenware' },
    things: [
      { zh: '盖碗', en: 'gaiwan', price: 58 },
      { zh: '公道杯', en: 'sharing pitcher', price: 42 },
      { zh: '品茗杯', en: 'tasting cup', price: 18 },
      { zh: '茶壶', en: 'teapot', price: 128 },
      { zh: '茶叶罐', en: 'tea caddy', price: 46 },
      { zh: '饭碗', en: 'rice bowl', price: 16 },
      { zh: '汤勺', en: 'soup spoon', price: 8 },
      { zh: '筷架', en: 'chopstick rest', price: 7 },
      { zh: '点心盘', en: 'dessert plate', price: 24 },
      { zh: '花瓶', en: 'vase', price: 68 },
    ],
    variants: [
      { zh: '青瓷', en: 'celadon', price: 1.3 },
      { zh: '白瓷', en: 'white porcelain' },
      { zh: '青花', en: 'blue and white', price: 1.5 },
      { zh: '粗陶', en: 'stoneware', price: 0.8 },
      { zh: '柴烧', en: 'wood-fired', price: 2.2 },
    ],
    sizes: [
      { zh: '小号', en: 'small', price: 0.8 },
      { zh: '中号', en: 'medium' },
      { zh: '大号', en: 'large', price: 1.4 },
      { zh: '四件套', en: 'set of four', price: 3.4 },
    ],
  },
  {
    ...{ category: 'textile', zh: '布艺', en: 'Textiles' },
    things: [
      { zh: '茶巾', en: 'tea towel', price: 12 },
      { zh: '桌旗', en: 'table runner', price: 58 },
      { zh: '杯垫', en: 'coaster', price: 8 },
      { zh: '餐垫', en: 'place mat', price: 18 },
      { zh: '束口袋', en: 'drawstring bag', price: 15 },
      { zh: '帆布包', en: 'canvas tote', price: 39 },
      { zh: '围裙', en: 'apron', price: 49 },
      { zh: '方巾', en: 'kerchief', price: 22 },
      { zh: '抱枕套', en: 'cushion cover', price: 36 },
      { zh: '香囊', en: 'sachet', price: 19 },
    ],
    variants: [
      { zh: '棉麻', en: 'cotton and linen' },
      { zh: '纯棉', en: 'cotton', price: 0.9 },
      { zh: '亚麻', en: 'linen', price: 1.3 },
      { zh: '苎麻', en: 'ramie', price: 1.4 },
      { zh: '竹纤维', en: 'bamboo fibre', price: 1.1 },
    ],
    sizes: [
      { zh: '素色', en: 'plain' },
      { zh: '条纹', en: 'striped', price: 1.1 },
      { zh: '格纹', en: 'checked', price: 1.1 },
      { zh: '刺绣', en: 'embroidered', price: 1.8 },
    ],
  },
];
