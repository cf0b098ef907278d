// The page for an address that leads nowhere. It is served at any depth, so all its links begin at the root.
import { translatePage } from './language.js';

translatePage();
