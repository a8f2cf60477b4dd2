// SPDX-License-Identifier: Apache-2.0
// Goes to any page, tunnel or peer: pages are known here, the rest is searched for on the server.
(() => {
  'use strict';
  const palette = document.getElementById('palette');
  const field = palette.querySelector('input');
  const list = palette.querySelector('ul');
  const none = palette.querySelector('.palette-none');
  const pages = [...list.children];
  let chosen = 0;
  let asking = null;

  const options = () => [...list.children];

  function choose(index) {
    const all = options();
    chosen = all.length === 0 ? 0 : (index + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute('aria-selected', i === chosen ? 'true' : 'false'));
    field.setAttribute('aria-activedescendant', all[chosen]?.id ?? '');
    all[chosen]?.scrollIntoView({ block: 'nearest' });
  }

  function show(found) {
    const words = field.value.trim().toLowerCase();
    list.replaceChildren(...pages.filter((page) => page.textContent.toLowerCase().includes(words)), ...found);
    none.hidden = list.children.length > 0;
    list.hidden = list.children.length === 0;
    choose(0);
  }

  function option(match, index) {
    const item = document.createElement('li');
    item.setAttribute('role', 'option');
    item.id = `palette-found-${index}`;
    const icon = document.createElement('i');
    icon.className = match.peer ? 'pi pi-user' : 'pi pi-arrow-right-arrow-left';
    icon.setAttribute('aria-hidden', 'true');
    const name = document.createElement('span');
    name.textContent = match.name;
    const kind = document.createElement('span');
    kind.className = 'hint';
    const query = new URLSearchParams(match.peer ? { tunnel: match.tunnel, number: match.peer } : { name: match.tunnel });
    kind.textContent = match.peer ? palette.dataset.peer.replace('{0}', match.tunnel) : palette.dataset.tunnel;
    item.dataset.href = match.peer ? `/peer?${query}` : `/tunnel?${query}`;
    item.append(icon, name, kind);
    return item;
  }

  async function search() {
    const words = field.value.trim();
    show([]);
    asking?.abort();
    if (words === '') return;
    asking = new AbortController();
    try {
      const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(words)}`, { signal: asking.signal });
      if (answer.ok) show((await answer.json()).map(option));
    } catch {
      // Asked anew, or the console is away; the pages are still there.
    }
  }

  function go() {
    const option = options()[chosen];
    if (option) location.href = option.dataset.href;
  }

  palette.addEventListener('gatehouse:opened', () => {
    field.value = '';
    show([]);
    field.focus();
  });
  field.addEventListener('input', search);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen - 1);
    else if (event.key === 'Enter') go();
    else return;
    event.preventDefault();
  });
  list.addEventListener('click', (event) => {
    const item = event.target.closest('li');
    if (item) {
      chosen = options().indexOf(item);
      go();
    }
  });
})();
