export {
  type ControlPlane, type ControlPlaneOptions, startControlPlane,
} from './start-control-plane.ts'
