// SPDX-License-Identifier: Apache-2.0
// Does what the page offers, and goes to any page, tunnel or peer: what is offered and the pages are known
// here, the rest is searched for on the server.
(() => {
  'use strict';
  const palette = document.getElementById('palette');
  const field = palette.querySelector('input');
  const list = palette.querySelector('ul');
  const none = palette.querySelector('.palette-none');
  const pages = [...list.children];
  let known = pages;
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

  // What could be pressed now at the head of the page comes first, the user's menu last.
  function offered() {
    const heads = [...document.querySelectorAll('.head-actions a, .head-actions button')].filter((one) => one.checkVisibility());
    const menu = [...document.querySelectorAll('#user-menu .menu-item')];
    return [...heads.map(action), ...pages, ...menu.map((one, index) => action(one, heads.length + index))];
  }

  function action(pressed, index) {
    const words = pressed.cloneNode(true);
    words.querySelectorAll('kbd, i').forEach((one) => one.remove());
    const icon = pressed.querySelector('.pi')?.className.match(/\bpi-[\w-]+/)?.[0] ?? 'pi-bolt';
    const item = entry(`palette-action-${index}`, icon, words.textContent.trim(), palette.dataset.action);
    item.pressed = pressed;
    return item;
  }

  function show(found) {
    const words = field.value.trim().toLowerCase();
    const fitting = known.filter((one) => one.textContent.toLowerCase().includes(words));
    list.replaceChildren(...fitting, ...found);
    none.hidden = list.children.length > 0;
    list.hidden = list.children.length === 0;
    // Whoever presses Enter before a word goes somewhere, and does nothing.
    choose(words === '' ? Math.max(0, fitting.findIndex((one) => !one.pressed)) : 0);
  }

  function entry(id, icon, words, hint) {
    const item = document.createElement('li');
    item.setAttribute('role', 'option');
    item.id = id;
    const picture = document.createElement('i');
    picture.className = `pi ${icon}`;
    picture.setAttribute('aria-hidden', 'true');
    const name = document.createElement('span');
    name.textContent = words;
    const kind = document.createElement('span');
    kind.className = 'hint';
    kind.textContent = hint;
    item.append(picture, name, kind);
    return item;
  }

  function option(match, index) {
    const kind = match.peer ? palette.dataset.peer.replace('{0}', match.tunnel) : palette.dataset.tunnel;
    const icon = match.peer ? 'pi-user' : 'pi-arrow-right-arrow-left';
    const item = entry(`palette-found-${index}`, icon, match.name, kind);
    const query = new URLSearchParams(match.peer ? { tunnel: match.tunnel, number: match.peer } : { name: match.tunnel });
    item.dataset.href = match.peer ? `/peer?${query}` : `/tunnel?${query}`;
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
    if (option?.pressed) {
      palette.close();
      option.pressed.focus();
      option.pressed.click();
    } else if (option) {
      location.href = option.dataset.href;
    }
  }

  palette.addEventListener('gatehouse:opened', () => {
    field.value = '';
    known = offered();
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
