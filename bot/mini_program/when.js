const BEIJING = 8 * 60 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;
const two = (number) => String(number).padStart(2, '0');

/**
 * As a notice writes it, wherever the phone is: 2026年3月9日24:00 rather than the 10th, 00:00.
 * iso: with its time zone.
 */
function spoken(iso) {
  const local = Date.parse(iso) + BEIJING;
  const ends = local % DAY === 0;
  const at = new Date(ends ? local - DAY : local);
  const day = `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日`;
  return ends ? `${day}24:00` : `${day}${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

module.exports = { spoken };
