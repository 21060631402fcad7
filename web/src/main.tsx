import { render } from 'preact';
import './app/preferences.js';
import { App } from './app/app.js';
import { keepPageOffline } from './app/keep-page-offline.js';
import { loadTexts } from './texts/index.js';
import './styles/index.css';

const place = document.getElementById('app');
if (!place) throw new Error('The page has no place for the messenger.');
// Of a relative address the browser would ask again, somewhere else, whenever the page's own address changes.
for (const link of document.querySelectorAll('link')) link.setAttribute('href', link.href);
await loadTexts();
render(<App />, place);
keepPageOffline();
