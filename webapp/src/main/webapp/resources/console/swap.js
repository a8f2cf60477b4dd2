// SPDX-License-Identifier: Apache-2.0
// A list that is filtered, sorted and paged by its address, without loading the page again: the
// server makes the list, and only the list takes the old one's place.
(() => {
  'use strict';
  const PAUSE = 200;
  let timer = 0;

  async function go(address) {
    const part = document.querySelector('[data-swapped]');
    history.replaceState(null, '', address);
    await window.gatehouse.renew(address, [part.id]);
  }

  function address(form) {
    return `${form.getAttribute('action')}?${new URLSearchParams(new FormData(form))}`;
  }

  document.addEventListener('submit', (event) => {
    if (event.target.dataset.swap) {
      event.preventDefault();
      go(address(event.target));
    }
  });
  document.addEventListener('input', (event) => {
    const form = event.target.closest('form[data-swap]');
    if (form) {
      clearTimeout(timer);
      timer = setTimeout(() => go(address(form)), event.target.tagName === 'SELECT' ? 0 : PAUSE);
    }
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-swap-link]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const query = new URL(link.href).searchParams;
    for (const field of document.querySelectorAll('form[data-swap] input[type=hidden]')) {
      field.value = query.get(field.name) ?? '';
    }
    go(link.getAttribute('href')).then(() => {
      if (link.rel) document.getElementById('content').scrollIntoView();
    });
  });

  // A chart goes on with the time; not while its table is read.
  setInterval(() => {
    const chart = document.querySelector('[data-swapped="chart"]');
    if (chart && !document.hidden && !chart.querySelector('details[open]')) {
      window.gatehouse.renew(location.href, [chart.id]);
    }
  }, 30000);
})();
