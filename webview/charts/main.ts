import { registerControls } from '../controls/toolkit';
import './app';
import './chartCard';
import './legend';
import './readout';
import './toolbar';
import { Session } from './session';
import { adoptStyles } from './styles';

registerControls();
adoptStyles();
const app = document.createElement('flowdeck-charts');
document.body.append(Object.assign(app, { session: new Session() }));
