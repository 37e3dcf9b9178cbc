const BEIJING = 8 * 60 * 60 * 1000;
const two = (number) => String(number).padStart(2, '0');

/** 2026年3月2日9:05 in Beijing, wherever the phone is. iso: with its time zone. */
function spoken(iso) {
  const at = new Date(Date.parse(iso) + BEIJING);
  const day = `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日`;
  return `${day}${at.getUTCHours()}:${two(at.getUTCMinutes())}`;
}

module.exports = { spoken };
