import './launchForm';
import { adoptSheet, adoptStyles } from '../controls/styles';
import { launchStyles } from './launchStyles';

adoptStyles();
adoptSheet(launchStyles);
document.body.append(document.createElement('flowdeck-launch'));
