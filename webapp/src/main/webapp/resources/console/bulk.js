// SPDX-License-Identifier: Apache-2.0
// Picks many peers of the list, over its pages and while it is filtered and renewed, and does one
// thing to all of them.
(() => {
  'use strict';
  const line = () => document.querySelector('.count-line');

  // The table that can be had is that of the view, for whoever may only look as well.
  function link() {
    document.querySelector('[data-export]').href = `/api/peers.csv?${line()?.dataset.query ?? ''}`;
  }
  document.addEventListener('gatehouse:renewed', link);

  const bar = document.getElementById('bulk-bar');
  if (!bar) return;
  const dialog = document.getElementById('bulk-dialog');
  const title = document.getElementById('bulk-title');
  const valueField = dialog.querySelector('[data-bulk-value]');
  const picked = new Set();
  let all = false;

  const boxes = () => [...document.querySelectorAll('[data-pick]')];

  function count() {
    return all ? Number(line().dataset.count) : picked.size;
  }

  function show() {
    for (const box of boxes()) box.checked = all || picked.has(box.dataset.pick);
    const page = document.querySelector('[data-pick-page]');
    if (page) page.checked = boxes().length > 0 && boxes().every((box) => box.checked);
    const words = all ? bar.dataset.all : picked.size === 1 ? bar.dataset.one : bar.dataset.many;
    bar.querySelector('[data-picked]').textContent = words.replace('{0}', count());
    bar.querySelector('[data-pick-all]').hidden = all || !line() || picked.size >= Number(line().dataset.count);
    bar.hidden = count() === 0;
  }

  document.addEventListener('change', (event) => {
    const box = event.target;
    if (box.matches('[data-pick-page]')) {
      all = false;
      for (const each of boxes()) {
        if (box.checked) picked.add(each.dataset.pick);
        else picked.delete(each.dataset.pick);
      }
    } else if (box.matches('[data-pick]')) {
      if (all) {
        all = false;
        for (const each of boxes()) picked.add(each.dataset.pick);
      }
      if (box.checked) picked.add(box.dataset.pick);
      else picked.delete(box.dataset.pick);
    } else {
      return;
    }
    show();
  });

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-bulk]');
    if (event.target.closest('[data-pick-all]')) {
      all = true;
      show();
    } else if (event.target.closest('[data-pick-none]')) {
      all = false;
      picked.clear();
      show();
    } else if (button) {
      open(button.dataset.bulk);
    }
  });

  function open(what) {
    title.textContent = title.dataset[what].replace('{0}', count());
    const query = new URLSearchParams(line().dataset.query);
    for (const field of dialog.querySelectorAll('form input[type=hidden]')) {
      if (query.has(field.name)) field.value = query.get(field.name);
    }
    document.getElementById('bulk:subjects').value = [...picked].join(' ');
    document.getElementById('bulk:what').value = what;
    document.getElementById('bulk:all').value = all;
    const label = valueField.querySelector('label');
    valueField.hidden = !(what in label.dataset);
    label.textContent = label.dataset[what] ?? '';
    const hint = valueField.querySelector('.hint');
    hint.textContent = hint.dataset[what] ?? '';
    dialog.showModal();
  }

  document.addEventListener('gatehouse:renewed', show);
  show();
})();
