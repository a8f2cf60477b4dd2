// SPDX-License-Identifier: Apache-2.0
// The margin of the file editor: numbers of lines, and a mark where the checks have found something. The
// list of findings says it all in words, so the margin is for the eye alone; a finding's place in that
// list leads to its line.
(() => {
  'use strict';
  const text = document.getElementById('editor:text');
  if (!text) return;
  const margin = document.getElementById('margin');
  const sheet = document.createElement('div');
  const numbers = document.createElement('div');
  const marks = document.createElement('div');
  sheet.append(numbers, marks);
  margin.append(sheet);
  let count = 0;

  const style = getComputedStyle(text);
  // The shorthand is empty where a browser has more to say than it can hold.
  for (const name of ['fontFamily', 'fontSize', 'lineHeight', 'paddingTop']) margin.style[name] = style[name];
  const lineHeight = () => parseFloat(style.lineHeight);

  function number() {
    const lines = text.value.split('\n').length;
    if (lines === count) return;
    count = lines;
    numbers.textContent = Array.from({ length: lines }, (_, i) => i + 1).join('\n');
  }

  function follow() {
    sheet.style.transform = `translateY(${-text.scrollTop}px)`;
  }

  function found() {
    return [...document.querySelectorAll('#outcome .finding')].filter((finding) =>
      Number(finding.dataset.line) > 0 && (!text.dataset.file || finding.dataset.file === text.dataset.file));
  }

  function mark() {
    const worst = new Map();
    for (const finding of found()) {
      const line = Number(finding.dataset.line);
      const severity = finding.dataset.severity;
      if (severity === 'ERROR' || !worst.has(line) || worst.get(line) === 'NOTE') worst.set(line, severity);
    }
    marks.replaceChildren(...[...worst].map(([line, severity]) => {
      const icon = document.createElement('i');
      icon.className = 'pi editor-mark';
      icon.dataset.severity = severity;
      icon.style.top = `${(line - 1) * lineHeight()}px`;
      icon.style.height = `${lineHeight()}px`;
      return icon;
    }));
    for (const finding of found()) {
      const place = finding.querySelector('.what code');
      if (place.closest('button')) continue;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'place';
      place.replaceWith(button);
      button.append(place);
      button.addEventListener('click', () => goTo(Number(finding.dataset.line)));
    }
  }

  function goTo(line) {
    const lines = text.value.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
    text.scrollTop = Math.max(0, (line - 4) * lineHeight());
  }

  text.addEventListener('input', number);
  text.addEventListener('scroll', follow);
  // Where the checks are asked again, the server's answer takes the place of what they said before.
  new MutationObserver(mark).observe(document.getElementById('outcome').parentNode, { childList: true });
  number();
  follow();
  mark();
})();
