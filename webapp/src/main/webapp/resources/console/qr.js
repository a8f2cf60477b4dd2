// SPDX-License-Identifier: Apache-2.0
// Draws a QR code (ISO/IEC 18004): octets, error correction level L, versions 1 to 20. Made here, so
// that what it says, a private key among it, is seen by nobody else.
(() => {
  'use strict';
  // Of level L, by version: codewords for correction in each block, and blocks.
  const CORRECTION = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
  const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
  const LEVEL_L = 1;
  const MASKS = [
    (x, y) => (x + y) % 2,
    (x, y) => y % 2,
    (x) => x % 3,
    (x, y) => (x + y) % 3,
    (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
    (x, y) => ((x * y) % 2) + ((x * y) % 3),
    (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
    (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
  ];

  // ---- codewords

  const EXP = [];
  const LOG = [];
  for (let i = 0, value = 1; i < 255; i++) {
    EXP[i] = value;
    LOG[value] = i;
    value = value < 128 ? value * 2 : (value * 2) ^ 0x11d;
  }
  const times = (a, b) => (a === 0 || b === 0 ? 0 : EXP[(LOG[a] + LOG[b]) % 255]);

  // The coefficients below the leading one of (x - 1)(x - 2)(x - 4)...
  function generator(degree) {
    let poly = [1];
    for (let i = 0; i < degree; i++) {
      const next = [...poly, 0];
      poly.forEach((c, k) => {
        next[k + 1] ^= times(c, EXP[i]);
      });
      poly = next;
    }
    return poly.slice(1);
  }

  function remainder(data, poly) {
    const rest = new Array(poly.length).fill(0);
    for (const octet of data) {
      const factor = octet ^ rest.shift();
      rest.push(0);
      poly.forEach((c, k) => {
        rest[k] ^= times(c, factor);
      });
    }
    return rest;
  }

  // Codewords that fit into a version, those for correction among them.
  function capacity(version) {
    const alignments = version === 1 ? 0 : Math.floor(version / 7) + 2;
    let modules = (16 * version + 128) * version + 64;
    if (version > 1) modules -= (25 * alignments - 10) * alignments - 55;
    if (version > 6) modules -= 36;
    return Math.floor(modules / 8);
  }

  const dataCapacity = (version) => capacity(version) - CORRECTION[version - 1] * BLOCKS[version - 1];

  function codewords(octets, version) {
    const bits = [];
    const put = (value, count) => {
      for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1);
    };
    put(4, 4);
    put(octets.length, version < 10 ? 8 : 16);
    for (const octet of octets) put(octet, 8);
    const room = dataCapacity(version) * 8;
    put(0, Math.min(4, room - bits.length));
    put(0, (8 - (bits.length % 8)) % 8);
    for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
    const data = [];
    for (let i = 0; i < bits.length; i += 8) data.push(parseInt(bits.slice(i, i + 8).join(''), 2));

    const count = BLOCKS[version - 1];
    const short = Math.floor(data.length / count);
    const longer = data.length % count;
    const poly = generator(CORRECTION[version - 1]);
    const blocks = [];
    for (let i = 0, at = 0; i < count; i++) {
      const size = short + (i >= count - longer ? 1 : 0);
      const part = data.slice(at, at + size);
      at += size;
      blocks.push({ part, check: remainder(part, poly) });
    }
    const all = [];
    for (let i = 0; i <= short; i++) for (const { part } of blocks) if (i < part.length) all.push(part[i]);
    for (let i = 0; i < poly.length; i++) for (const { check } of blocks) all.push(check[i]);
    return all;
  }

  // ---- modules

  function positions(version) {
    if (version === 1) return [];
    const count = Math.floor(version / 7) + 2;
    const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
    const found = [6];
    for (let at = version * 4 + 10; found.length < count; at -= step) found.splice(1, 0, at);
    return found;
  }

  function remainderOf(value, length, poly) {
    let rest = value << length;
    for (let i = 31 - Math.clz32(rest); i >= length; i = rest === 0 ? -1 : 31 - Math.clz32(rest)) {
      rest ^= poly << (i - length);
    }
    return (value << length) | rest;
  }

  function frame(version, mask) {
    const size = version * 4 + 17;
    const dark = Array.from({ length: size }, () => new Array(size).fill(false));
    const taken = Array.from({ length: size }, () => new Array(size).fill(false));
    const set = (x, y, on) => {
      if (x >= 0 && y >= 0 && x < size && y < size) {
        dark[y][x] = Boolean(on);
        taken[y][x] = true;
      }
    };
    for (let i = 0; i < size; i++) {
      set(6, i, i % 2 === 0);
      set(i, 6, i % 2 === 0);
    }
    for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
      for (let dy = -4; dy <= 4; dy++) {
        for (let dx = -4; dx <= 4; dx++) {
          const ring = Math.max(Math.abs(dx), Math.abs(dy));
          set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
        }
      }
    }
    const at = positions(version);
    at.forEach((cy, row) => {
      at.forEach((cx, column) => {
        const last = at.length - 1;
        if ((row === 0 && column === 0) || (row === 0 && column === last) || (row === last && column === 0)) return;
        for (let dy = -2; dy <= 2; dy++) {
          for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
        }
      });
    });
    const format = remainderOf((LEVEL_L << 3) | mask, 10, 0x537) ^ 0x5412;
    const bit = (i) => (format >> i) & 1;
    for (let i = 0; i < 15; i++) {
      if (i < 6) set(8, i, bit(i));
      else if (i < 8) set(8, i + 1, bit(i));
      else if (i === 8) set(7, 8, bit(i));
      else set(14 - i, 8, bit(i));
      if (i < 8) set(size - 1 - i, 8, bit(i));
      else set(8, size - 15 + i, bit(i));
    }
    set(8, size - 8, true);
    if (version > 6) {
      const words = remainderOf(version, 12, 0x1f25);
      for (let i = 0; i < 18; i++) {
        const a = size - 11 + (i % 3);
        const b = Math.floor(i / 3);
        set(a, b, (words >> i) & 1);
        set(b, a, (words >> i) & 1);
      }
    }
    return { size, dark, taken };
  }

  function fill({ size, dark, taken }, words, mask) {
    let i = 0;
    for (let right = size - 1; right > 0; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < size; step++) {
        const upward = ((right + 1) & 2) === 0;
        const y = upward ? size - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (taken[y][x]) continue;
          const on = i < words.length * 8 && (words[i >> 3] >> (7 - (i & 7))) & 1;
          dark[y][x] = Boolean(on) !== (MASKS[mask](x, y) === 0);
          i++;
        }
      }
    }
    return dark;
  }

  // Long runs and squares of one colour make a code hard to read.
  function penalty(dark) {
    let sum = 0;
    const size = dark.length;
    for (const at of [(a, b) => dark[a][b], (a, b) => dark[b][a]]) {
      for (let a = 0; a < size; a++) {
        for (let b = 0, run = 0; b < size; b++) {
          run = b > 0 && at(a, b) === at(a, b - 1) ? run + 1 : 1;
          if (run === 5) sum += 3;
          else if (run > 5) sum += 1;
        }
      }
    }
    for (let y = 1; y < size; y++) {
      for (let x = 1; x < size; x++) {
        if (dark[y][x] === dark[y - 1][x] && dark[y][x] === dark[y][x - 1] && dark[y][x] === dark[y - 1][x - 1]) sum += 3;
      }
    }
    return sum;
  }

  function matrix(text) {
    const octets = new TextEncoder().encode(text);
    let version = 1;
    while (version <= 20 && octets.length + (version < 10 ? 2 : 3) > dataCapacity(version)) version++;
    if (version > 20) return null;
    const words = codewords(octets, version);
    return MASKS.map((_, mask) => fill(frame(version, mask), words, mask)).reduce((best, next) =>
      penalty(next) < penalty(best) ? next : best,
    );
  }

  // The code as an SVG element with the quiet zone around it; null when the text is too long.
  window.gatehouse.qr = (text, label) => {
    const dark = matrix(text);
    if (!dark) return null;
    const space = 4;
    const side = dark.length + 2 * space;
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', `0 0 ${side} ${side}`);
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
    svg.setAttribute('shape-rendering', 'crispEdges');
    const back = document.createElementNS(svg.namespaceURI, 'path');
    back.setAttribute('d', `M0 0h${side}v${side}H0z`);
    back.setAttribute('fill', '#fff');
    const ink = document.createElementNS(svg.namespaceURI, 'path');
    const path = [];
    dark.forEach((row, y) => row.forEach((on, x) => on && path.push(`M${x + space} ${y + space}h1v1h-1z`)));
    ink.setAttribute('d', path.join(''));
    ink.setAttribute('fill', '#000');
    svg.append(back, ink);
    return svg;
  };
})();
