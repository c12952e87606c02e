import { testScenarios } from '../services/test-scenarios.ts'
import { play } from './scenarios/script.ts'

testScenarios(new URL('./scenarios/', import.meta.url), play)
